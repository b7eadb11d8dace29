from . import test_engine
from . import test_intake
from . import test_walk
