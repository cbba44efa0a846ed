"""What several drugs do together, forward: from doses to effect. The screen's synergy scores use these same functions.

Effects of Bliss, HSA and Loewe run upward from nothing: a *fraction affected* (Bliss: 0 is none, 1 is all) or any response that
rises with the effect (HSA, Loewe). Each function takes two or more drugs.
"""
