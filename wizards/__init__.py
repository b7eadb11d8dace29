from . import complaint_holiday_load, complaint_step
