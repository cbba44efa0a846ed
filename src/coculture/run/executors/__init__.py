"""Ways to do many independent tasks: in this process, or in several of this machine's."""
