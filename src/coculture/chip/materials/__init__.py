"""What a chip is made of and what that does to a solute: PDMS that takes it up, membranes it crosses, oxygen that runs out."""
