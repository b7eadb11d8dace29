"""What the texts say, one promise a line, as read in them: the seed data must agree.

After the id of the policy (what follows ``complaint_policy_<code>_``): its step, its
length, the event it counts from, then only what is not the default, and how sure the
figure is (V read in the text, S in a secondary source, U to verify). Units: h hours,
d days, bd working days, w weeks, m months, y years. A line that begins with a dash
continues the one above.
"""

FACTS = {
    # France
    "fr_acpr": """
        acknowledge          acknowledge 10bd sent_written cal=fr_mon_sat
        - waived=respond from=2022-12-31 V
        respond              respond 2m sent_written ext=free from=2022-12-31 V
        refer_opens          refer 2m sent_written opens from=2022-12-31 S
        acknowledge_2012     acknowledge 10bd received cal=fr_mon_sat waived=respond
        - from=2012-09-01 to=2022-12-30 V
        respond_2012         respond 2m received ext=free from=2012-09-01
        - to=2022-12-30 V
    """,
    "fr_amf": """
        acknowledge          acknowledge 10bd received cal=fr_mon_sat waived=respond S
        respond              respond 2m received ext=free S
        respond_funds        respond 2m sent products=funds instead=respond ext=free
        - from=2023-05-07 S
    """,
    "fr_psp_l133_45": """
        respond              respond 15bd received cal=fr_mon_fri ext=ceiling:35bd
        - letter max=1 V
    """,
    "fr_conso_mediation": """
        refer                refer 1y sent_written cal=fr_mon_fri roll=next V
        inform_admission     inform 3w referred manual internal V
        inform_outcome       inform 90d referred cal=fr_mon_fri roll=next ext=free
        - manual internal V
    """,
    "fr_energy": """
        refer_opens          refer 2m sent_written opens V
        refer                refer 12m sent_written S
        inform_outcome       inform 90d referred manual internal V
    """,
    "fr_notice_14_30": """
        acknowledge          acknowledge 14bd received cal=fr_mon_fri V
        respond              respond 30bd received cal=fr_mon_fri ext=free V
    """,
    "fr_plan_10d_2m": """
        acknowledge          acknowledge 10d received waived=respond V
        respond              respond 2m received V
    """,
    "fr_essms_48h_10d": """
        acknowledge          acknowledge 48h received V
        respond              respond 10d received V
    """,
    "fr_close_8d": """
        accept               accept 8d answered cal=fr_mon_fri roll=next V
    """,
    "fr_health": """
        inform_mediator      inform 8d referred manual S
        inform_report        inform 8d investigated manual off S
        respond_opinion      respond 8d investigated off U
    """,
    "fr_public": """
        acknowledge          acknowledge 7d received U
        acknowledge_receipt  acknowledge 1bd received cal=fr_mon_fri off U
        respond              respond 2m received pause silence=deemed_rejected S
        refer_silence        refer 2m silence S
        refer_answered       refer 2m answered S
    """,
    # International and European
    "iso_10002": """
        acknowledge          acknowledge 1y received own internal U
        respond              respond 1y received own internal U
    """,
    "eu_jc_guidelines": "",
    "eu_mica_casp": """
        acknowledge          acknowledge 2m received own internal U
        respond              respond 2m received own ext=free letter V
    """,
    "eu_crowdfunding": """
        acknowledge          acknowledge 10bd received cal=eu_target V
        respond              respond 1y received own ext=free letter U
    """,
    "eu_rail": """
        complain             complain 3m event U
        respond              respond 1m received ext=ceiling:3m letter max=1 V
    """,
    "eu_bus": """
        complain             complain 3m event S
        respond              respond 1m received ext=ceiling:3m letter max=1 S
    """,
    "eu_ship": """
        complain             complain 2m event S
        respond              respond 1m received ext=ceiling:2m letter max=1 S
    """,
    "eu_dsa": """
        complain             complain 6m known V
    """,
    "lu_cssf": """
        acknowledge          acknowledge 10bd received cal=lu_mon_fri waived=respond S
        respond              respond 1m received ext=free letter S
        refer_opens          refer 1m sent opens V
        refer                refer 1y received V
    """,
    # United Kingdom and Ireland
    "uk_fca": """
        acknowledge          acknowledge 8w received own internal U
        respond              respond 8w received cal=gb_eng_mon_fri ext=free letter
        - settle=3bd silence=recourse_opens V
        refer_opens          refer 8w received opens V
        refer_answered       refer 6m answered V
        refer_event          refer 6y event V
        refer_known          refer 3y known alt=refer_event V
    """,
    "uk_fca_psd": """
        respond              respond 15bd received cal=gb_eng_mon_fri
        - ext=ceiling:35bd letter max=1 silence=recourse_opens V
        refer_answered       refer 6m answered V
        refer_event          refer 6y event V
        refer_known          refer 3y known alt=refer_event V
    """,
    "uk_ofcom": """
        respond              respond 6w received from=2026-04-08 V
        respond_2018         respond 8w received from=2018-10-01 to=2026-04-07 V
        refer_opens          refer 6w received opens from=2026-04-08 V
        refer_opens_2018     refer 8w received opens from=2018-10-01 to=2026-04-07 V
        refer                refer 12m answered S
    """,
    "uk_housing": """
        acknowledge_s1       acknowledge 5bd received cal=gb_eng_mon_fri stage=1 V
        respond_s1           respond 10bd acknowledged cal=gb_eng_mon_fri stage=1
        - ext=add:10bd letter max=1 V
        acknowledge_s2       acknowledge 5bd escalated cal=gb_eng_mon_fri stage=2 V
        respond_s2           respond 20bd acknowledged cal=gb_eng_mon_fri stage=2
        - ext=add:20bd letter max=1 S
        refer                refer 12m answered stage=2 S
    """,
    "uk_nhs": """
        complain             complain 12m known S
        acknowledge          acknowledge 3bd received cal=gb_eng_mon_fri S
        inform_discuss       inform 3bd received cal=gb_eng_mon_fri manual S
        respond              respond 6m received inclusive ext=agreement S
    """,
    "uk_ico_dp": """
        acknowledge          acknowledge 30d received cal=gb_eng_mon_fri roll=next S
    """,
    "uk_energy": """
        respond              respond 8w received V
        refer_opens          refer 8w received opens V
    """,
    "uk_legal": """
        respond              respond 8w received S
        refer_answered       refer 6m answered S
        refer_event          refer 1y event S
    """,
    "uk_wales_ss": """
        acknowledge          acknowledge 2bd received cal=gb_wls_mon_fri V
        inform_discuss       inform 10bd acknowledged cal=gb_wls_mon_fri
        - ext=agreement manual V
        respond              respond 5bd investigated cal=gb_wls_mon_fri V
    """,
    "ie_cbi": """
        acknowledge          acknowledge 5bd received cal=ie_mon_fri from=2026-03-24 S
        inform               inform 20bd received cal=ie_mon_fri recurring
        - from=2026-03-24 S
        respond              respond 40bd received cal=ie_mon_fri ext=free letter
        - from=2026-03-24 S
        respond_outcome      respond 5bd investigated cal=ie_mon_fri from=2026-03-24 U
        refer_opens          refer 40bd received cal=ie_mon_fri opens
        - from=2026-03-24 S
        acknowledge_2012     acknowledge 5bd received cal=ie_mon_fri from=2012-01-01
        - to=2026-03-23 S
        inform_2012          inform 20bd received cal=ie_mon_fri recurring
        - from=2012-01-01 to=2026-03-23 S
        respond_2012         respond 40bd received cal=ie_mon_fri ext=free letter
        - from=2012-01-01 to=2026-03-23 S
        respond_outcome_2012 respond 5bd investigated cal=ie_mon_fri from=2012-01-01
        - to=2026-03-23 S
        refer_opens_2012     refer 40bd received cal=ie_mon_fri opens from=2012-01-01
        - to=2026-03-23 S
    """,
    # America and Australia
    "ca_qc": """
        acknowledge          acknowledge 10d received S
        respond              respond 60d received ext=ceiling:90d letter max=1 S
        respond_simplified   respond 20d received off U
        inform_file          inform 15d referred manual off U
    """,
    "ca_fcac": """
        acknowledge          acknowledge 56d received own internal U
        respond              respond 56d received V
        refer                refer 180d answered S
    """,
    "au_asic": """
        acknowledge          acknowledge 1bd received cal=au_mon_fri S
        respond              respond 30d received cal=au_mon_fri ext=free letter
        - settle=5bd V
        respond_super        respond 45d received cal=au_mon_fri ext=free letter
        - settle=5bd products=superannuation instead=respond V
        respond_hardship     respond 21d received cal=au_mon_fri ext=free letter
        - products=hardship instead=respond V
        refer_answered       refer 2y answered S
        refer_known          refer 6y known S
    """,
    "us_cfpb": """
        respond              respond 15d received ext=ceiling:60d letter max=1 V
    """,
    "us_reg_e": """
        complain             complain 60d event V
        respond              respond 10bd received cal=us_mon_fri ext=ceiling:45d
        - max=1 V
        respond_pos_foreign  respond 10bd received cal=us_mon_fri ext=ceiling:90d
        - max=1 products=eft_pos_foreign instead=respond V
        respond_new_account  respond 20bd received cal=us_mon_fri ext=ceiling:90d
        - max=1 products=eft_new_account instead=respond V
        respond_result       respond 3bd investigated cal=us_mon_fri V
    """,
    "us_reg_z": """
        complain             complain 60d event V
        acknowledge          acknowledge 30d received waived=respond S
        respond              respond 90d received S
    """,
    # Elsewhere
    "es_sac": """
        respond              respond 1m received V
        respond_professional respond 2m received type=professional instead=respond V
        respond_association  respond 2m received type=association instead=respond V
        respond_public       respond 2m received type=public instead=respond V
        respond_payments     respond 15bd received cal=es_mon_fri
        - products=payment_services
        - instead=respond,respond_association,respond_professional,respond_public V
        refer                refer 1y received V
    """,
    "es_ley_10_2025": """
        respond              respond 15bd received cal=es_mon_fri from=2026-12-28 S
    """,
    "it_bank": """
        respond              respond 60d received S
        respond_payments     respond 15bd received cal=it_mon_fri ext=ceiling:35bd
        - letter max=1 products=payment_services instead=respond S
        refer                refer 12m received S
    """,
    "it_ivass": """
        respond              respond 45d received S
        refer_opens          refer 45d received opens S
    """,
    "pl_rf": """
        respond              respond 30d received ext=ceiling:60d letter max=1
        - silence=deemed_accepted V
    """,
    "pt_livro": """
        respond              respond 15bd received cal=pt_mon_fri S
        inform_sheet         inform 15bd received cal=pt_mon_fri manual off S
    """,
    "br_sac": """
        respond              respond 7d registered S
    """,
    "nl_kifid": """
        respond              respond 8w received V
        refer_opens          refer 8w received opens V
        refer_answered       refer 3m answered V
        refer                refer 1y sent V
    """,
    "nl_wkkgz": """
        respond              respond 6w received ext=add:4w max=1 S
    """,
    "be_ombudsfin": """
        respond              respond 1m received off U
        refer                refer 1y received V
    """,
    "de_bafin_va": "",
    "ch_bank": "",
    "ae_cbuae": """
        acknowledge          acknowledge 2bd received cal=ae_mon_fri V
        respond              respond 10bd received cal=ae_mon_fri V
        inform_overdue       inform 1bd silence cal=ae_mon_fri V
    """,
    "bh_cbb": """
        acknowledge          acknowledge 5bd received cal=bh_sun_thu V
        respond              respond 20bd received cal=bh_sun_thu V
    """,
}

#: Of the regime itself, where it is not the default. Keeping: years after closing.
REGIMES = {
    "fr_acpr": {"force": "guideline", "valid_from": "2012-09-01"},
    "fr_amf": {"valid_from": "2017-05-01"},
    "fr_psp_l133_45": {"valid_from": "2018-01-13"},
    "fr_conso_mediation": {"valid_from": "2016-07-01", "is_overlay": True},
    "fr_notice_14_30": {"force": "house"},
    "fr_plan_10d_2m": {"force": "house"},
    "fr_essms_48h_10d": {"force": "house"},
    "fr_close_8d": {"force": "house", "is_overlay": True},
    "fr_health": {"valid_from": "2005-03-04"},
    "fr_public": {"valid_from": "2016-01-01", "recourse_rule": "any"},
    "iso_10002": {"force": "guideline", "valid_from": "2018-07-01"},
    "eu_jc_guidelines": {"force": "guideline"},
    "eu_mica_casp": {"valid_from": "2025-03-05"},
    "eu_crowdfunding": {"valid_from": "2022-11-08"},
    "eu_rail": {"valid_from": "2023-06-07"},
    "eu_dsa": {"valid_from": "2024-02-17"},
    "lu_cssf": {"valid_from": "2016-11-11"},
    "uk_fca": {"valid_from": "2016-06-30", "retention_amount": 3},
    "uk_fca_psd": {"valid_from": "2018-01-13", "retention_amount": 3},
    "uk_ofcom": {"valid_from": "2018-10-01"},
    "uk_housing": {"valid_from": "2024-04-01", "stage_count": 2},
    "uk_nhs": {"valid_from": "2009-04-01", "transfer_restarts_clock": True},
    "uk_ico_dp": {"valid_from": "2026-06-19"},
    "ie_cbi": {"valid_from": "2012-01-01", "retention_amount": 6},
    "ca_qc": {"valid_from": "2025-07-01"},
    "ca_fcac": {
        "valid_from": "2022-06-30",
        "forbids_pause": True,
        "retention_amount": 7,
    },
    "au_asic": {"valid_from": "2021-10-05", "recourse_rule": "earliest"},
    "us_cfpb": {"force": "guideline"},
    "us_reg_e": {"retention_amount": 2},
    "es_ley_10_2025": {"valid_from": "2025-12-28"},
    "pt_livro": {"retention_amount": 3},
    "nl_kifid": {"force": "guideline", "recourse_rule": "any"},
    "be_ombudsfin": {"force": "guideline"},
    "de_bafin_va": {"force": "guideline"},
    "ch_bank": {"force": "guideline"},
}

#: Where the texts name who hears a complaint that was refused, and the limit that
#: counts from the complaint itself.
RECOURSE = {
    "fr_acpr": ["mediation_assurance 1y"],
    "fr_amf": ["mediateur_amf 1y"],
    "fr_psp_l133_45": ["mediateur_fbf 1y"],
    "fr_energy": ["mediateur_energie 12m"],
    "fr_health": ["commission_usagers", "defenseur_droits"],
    "fr_public": ["defenseur_droits", "tribunal_administratif 2m"],
    "lu_cssf": ["cssf 1y"],
    "uk_fca": ["fos 6m"],
    "uk_fca_psd": ["fos 6m"],
    "uk_ofcom": ["cisas 12m", "communications_ombudsman 12m"],
    "uk_housing": ["housing_ombudsman 12m"],
    "uk_nhs": ["lgsco", "phso"],
    "uk_ico_dp": ["ico"],
    "uk_energy": ["energy_ombudsman"],
    "uk_legal": ["legal_ombudsman 6m"],
    "uk_wales_ss": ["psow"],
    "ie_cbi": ["fspo"],
    "ca_qc": ["amf_quebec"],
    "ca_fcac": ["obsi"],
    "au_asic": ["afca 2y"],
    "us_cfpb": ["cfpb"],
    "us_reg_e": ["cfpb"],
    "us_reg_z": ["cfpb"],
    "es_sac": ["banco_espana 1y"],
    "it_bank": ["abf 12m"],
    "it_ivass": ["ivass"],
    "pl_rf": ["rzecznik_finansowy"],
    "nl_kifid": ["kifid"],
    "be_ombudsfin": ["ombudsfin 1y"],
    "ch_bank": ["bankingombudsman_ch"],
}
