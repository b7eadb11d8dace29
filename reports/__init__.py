from . import complaint_deadline_report, complaint_report
