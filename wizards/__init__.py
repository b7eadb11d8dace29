from . import complaint_step
