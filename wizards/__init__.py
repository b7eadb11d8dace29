from . import (
    complaint_company_reader,
    complaint_entry,
    complaint_holiday_load,
    complaint_letter_refusal,
    complaint_mandate,
    complaint_redress_reason,
    complaint_referral_step,
    complaint_step,
)
