"""What designed mixtures tell: effects of ingredients, pairs that act together, and which of many act at all."""
