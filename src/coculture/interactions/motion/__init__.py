"""How cells move: tracks, their measures, mean squared displacement, direction, collective motion and closing fronts."""
