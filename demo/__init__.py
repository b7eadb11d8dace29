from . import complaint_demo
