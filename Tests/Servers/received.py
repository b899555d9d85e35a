"""What arrived, as Python's email parser reads it: one JSON object a line."""

import email
import email.policy
import json


def describe(content, sender=None, recipients=None, options=None):
    message = email.message_from_bytes(content, policy=email.policy.default)
    defects = [type(defect).__name__ for part in message.walk() for defect in part.defects]
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body is not None else None
    lines = text.splitlines() if text is not None else []
    return {
        "from": sender,
        "to": recipients,
        "options": options,
        "subject": message["subject"],
        "messageID": message["message-id"],
        "header": {name: str(value) for name, value in message.items()},
        # A line of ours must fit a pipe that nobody reads yet.
        "text": text[:4096] if text is not None else None,
        "lines": len(lines),
        "distinctLines": len(set(lines)),
        "types": [part.get_content_type() for part in message.walk()],
        "defects": defects,
        "size": len(content),
    }


def line(value):
    return json.dumps(value, ensure_ascii=True)
