"""How likely a screen is to find an effect: pilot wells, resampled into whole screens and analysed as the recipe asks."""
