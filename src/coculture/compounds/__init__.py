"""What is dosed."""
