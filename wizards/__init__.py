from . import (
    complaint_entry,
    complaint_holiday_load,
    complaint_letter_refusal,
    complaint_redress_reason,
    complaint_referral_step,
    complaint_step,
)
