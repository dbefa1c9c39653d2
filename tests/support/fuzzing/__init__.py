"""Fuzzing: targets that must hold for any bytes, inputs made from good ones by a seeded mutator, and a driver.

A target takes bytes and raises where a promise of the toolkit is broken; an error derived from TopicsError
is an answer, not a finding. `make fuzz` drives them; tests/fuzz replays what was ever found.
"""
