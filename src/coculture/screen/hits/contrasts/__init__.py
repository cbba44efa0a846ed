"""Contrasts of conditions: does a compound act differently in co-culture, or under a stimulus, than without?"""
