from . import complaint_report
from . import complaint_deadline_report
