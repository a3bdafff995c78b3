class OnFire:
    def __getattribute__(self, name):
        raise RuntimeError("LEAK-" + "5c20")

    def __repr__(self):
        raise RuntimeError("LEAK-" + "5c20")

    def __array__(self, *args, **kwargs):
        raise BaseException("LEAK-" + "5c20")


def double(x):
    return OnFire()
