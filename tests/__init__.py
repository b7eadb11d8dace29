from . import test_walk
