"""From pixels to numbers: read, correct, segment, measure, judge, and render images whose truth is known."""
