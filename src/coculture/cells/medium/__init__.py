"""A box of still medium: solutes that spread, decay, come from the borders and are given and taken by cells."""
