"""What to do next about a bundle that cannot be used: the ends of messages."""

from __future__ import annotations

ASK = "get the bundle again from whoever made it"
COPY = "copy it again from where it was saved"
SAVE = "save the model with model.save(path) and give that file"
