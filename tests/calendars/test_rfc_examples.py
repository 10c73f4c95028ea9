"""The examples of RFC 5545 (section 4) come in as what the RFC says that they are."""

from __future__ import annotations

from tests.calendars.files import bring, counts, exported
from tests.in_process import Api

CONFERENCE = """BEGIN:VCALENDAR
PRODID:-//xyz Corp//NONSGML PDA Calendar Version 1.0//EN
VERSION:2.0
BEGIN:VEVENT
DTSTAMP:19960704T120000Z
UID:uid1@example.com
ORGANIZER:mailto:jsmith@example.com
DTSTART:19960918T143000Z
DTEND:19960920T220000Z
STATUS:CONFIRMED
CATEGORIES:CONFERENCE
SUMMARY:Networld+Interop Conference
DESCRIPTION:Networld+Interop Conference
  and Exhibit\\nAtlanta World Congress Center\\n
 Atlanta\\, Georgia
END:VEVENT
END:VCALENDAR
"""

MEETING = """BEGIN:VCALENDAR
PRODID:-//RDU Software//NONSGML HandCal//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:19981025T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19990404T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
DTSTAMP:19980309T231000Z
UID:guid-1.example.com
ORGANIZER:mailto:mrbig@example.com
ATTENDEE;RSVP=TRUE;ROLE=REQ-PARTICIPANT;CUTYPE=GROUP:
 mailto:employee-A@example.com
DESCRIPTION:Project XYZ Review Meeting
CATEGORIES:MEETING
CLASS:PUBLIC
CREATED:19980309T130000Z
SUMMARY:XYZ Project Review
DTSTART;TZID=America/New_York:19980312T083000
DTEND;TZID=America/New_York:19980312T093000
LOCATION:1CP Conference Room 4350
END:VEVENT
END:VCALENDAR
"""

TODO = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//ABC Corporation//NONSGML My Product//EN
BEGIN:VTODO
DTSTAMP:19980130T134500Z
SEQUENCE:2
UID:uid4@example.com
DUE:19980415T000000
STATUS:NEEDS-ACTION
SUMMARY:Submit Income Taxes
BEGIN:VALARM
ACTION:AUDIO
TRIGGER:19980403T120000Z
ATTACH;FMTTYPE=audio/basic:http://example.com/pub/audio-files/ssbanner.aud
REPEAT:4
DURATION:PT1H
END:VALARM
END:VTODO
BEGIN:VEVENT
UID:20070423T123432Z-541111@example.com
DTSTAMP:20070423T123432Z
DTSTART;VALUE=DATE:20070628
DTEND;VALUE=DATE:20070709
SUMMARY:Festival International de Jazz de Montreal
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:19970901T130000Z-123403@example.com
DTSTAMP:19970901T130000Z
DTSTART;VALUE=DATE:19971102
SUMMARY:Our Blissful Anniversary
CLASS:CONFIDENTIAL
CATEGORIES:ANNIVERSARY,PERSONAL,SPECIAL OCCASION
RRULE:FREQ=YEARLY
END:VEVENT
END:VCALENDAR
"""


def test_a_conference_of_three_days_in_utc(api: Api, home: str) -> None:
    assert counts(bring(api, home, CONFERENCE)) == {"created": 1}
    (event,) = api.events(home)
    assert (event["starts_at"], event["ends_at"]) == ("1996-09-18T14:30:00.000Z", "1996-09-20T22:00:00.000Z")
    assert event["description"].splitlines()[1:] == ["Atlanta World Congress Center", "Atlanta, Georgia"]
    assert event["category"] == "CONFERENCE"
    assert "ORGANIZER:mailto:jsmith@example.com" in event["imported"]["kept"]


def test_a_meeting_in_new_york(api: Api, home: str) -> None:
    bring(api, home, MEETING.replace("\n", "\r\n"))
    (event,) = api.events(home)
    assert [event[name] for name in ("timezone", "start_time", "end_time")] == ["America/New_York", "08:30", "09:30"]
    assert (event["starts_at"], event["created_at"]) == ("1998-03-12T13:30:00.000Z", "1998-03-09T13:00:00.000Z")
    attendee = "ATTENDEE;RSVP=TRUE;ROLE=REQ-PARTICIPANT;CUTYPE=GROUP:mailto:employee-A@example.com"
    assert attendee in exported(api, home).decode().replace("\r\n ", "")


def test_a_task_is_no_event_and_days_stay_days(api: Api, home: str) -> None:
    report = bring(api, home, TODO)
    assert counts(report) == {"created": 2, "rejected": 1}
    assert report["rows"][0]["reason"]["code"] == "not-an-event"
    anniversary, festival = api.events(home)
    assert (festival["event_date"], festival["end_date"]) == ("2007-06-28", "2007-07-08")
    assert (anniversary["category"], anniversary["tags"]) == ("ANNIVERSARY", ["PERSONAL", "SPECIAL OCCASION"])
    assert [event["event_date"] for event in api.events(home, "from=2024-01-01&to=2024-12-31&expand=true")] == [
        "2024-11-02"
    ]
