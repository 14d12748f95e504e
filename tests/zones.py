"""Time zones with every kind of clock change, for tests of schedules."""

ZONES = (
    *(
        "UTC",
        "Europe/Helsinki",
        "Europe/London",
        "Europe/Lisbon",
        "Europe/Moscow",
        "Europe/Istanbul",
        "Europe/Chisinau",
    ),
    *(
        "America/New_York",
        "America/Los_Angeles",
        "America/Phoenix",
        "America/St_Johns",
        "America/Havana",
        "America/Nuuk",
    ),
    *(
        "America/Santiago",
        "America/Asuncion",
        "America/Sao_Paulo",
        "America/Caracas",
        "America/Bogota",
        "America/Tijuana",
    ),
    *(
        "America/Scoresbysund",
        "America/Port-au-Prince",
        "Africa/Cairo",
        "Africa/Casablanca",
        "Africa/Juba",
        "Africa/Lagos",
    ),
    *("Africa/Sao_Tome", "Africa/Windhoek", "Africa/Khartoum", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu"),
    *("Asia/Tehran", "Asia/Amman", "Asia/Beirut", "Asia/Gaza", "Asia/Pyongyang", "Asia/Ulaanbaatar", "Asia/Almaty"),
    *("Australia/Lord_Howe", "Australia/Sydney", "Australia/Adelaide", "Australia/Eucla", "Antarctica/Troll"),
    *("Antarctica/Casey", "Atlantic/Azores", "Pacific/Apia", "Pacific/Chatham", "Pacific/Auckland", "Pacific/Norfolk"),
    *("Pacific/Fiji", "Pacific/Kiritimati", "Pacific/Easter", "Pacific/Bougainville", "Pacific/Tongatapu"),
)
