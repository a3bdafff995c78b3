"""Music: O'Neill's tunes in ABC notation, read, transposed, engraved, played and scored."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
