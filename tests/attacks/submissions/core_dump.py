import ctypes
import os
import resource

os.chdir("/tmp")
resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))


def double(x):
    ctypes.memset(0, 1, 1)
