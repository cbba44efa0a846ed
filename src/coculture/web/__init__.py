"""The workbench: pages in a browser on results folders, read only, without the internet."""
