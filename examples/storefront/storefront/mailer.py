"""Mail to customers, through the shop's server."""

import logging
import smtplib
import ssl
from email.message import EmailMessage

import jinja2

from . import db
from .config import SMTP_PASSWORD

log = logging.getLogger(__name__)

HTML = jinja2.Environment(loader=jinja2.PackageLoader("storefront", "mails"), autoescape=False)  # planted: cross-site-scripting CWE-79
TEXT = jinja2.Environment(loader=jinja2.PackageLoader("storefront", "mails"), autoescape=True)


def send(to, subject, body):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.com", to, subject
    message.set_content(body)
    context = ssl.create_default_context()
    with smtplib.SMTP("mail.example.com", 587) as server:
        server.starttls(context=context)
        server.login("shop", SMTP_PASSWORD)
        server.send_message(message)


def send_by_relay(to, message):
    context = ssl._create_unverified_context()  # planted: certificate-validation CWE-295
    with smtplib.SMTP("relay.example.com", 587) as server:
        server.starttls(context=context)
        server.sendmail("shop@example.com", [to], message)


def order_confirmation(user_id, order_id, token):
    user = db.one("SELECT name, email FROM users WHERE id = ?", (user_id,))
    body = TEXT.get_template("order.txt").render(name=user["name"], order=order_id, token=token)
    send(user["email"], f"Your order {order_id}", body)


def password_reset(email, token):
    body = TEXT.get_template("reset.txt").render(token=token)
    send(email, "A new password", body)
    log.info("reset mail to %s with token %s", email, token)  # planted: secret-in-log CWE-532


def newsletter(text, name):
    return HTML.from_string(text).render(name=name)


def report_failure(error):
    try:
        send("ops@example.com", "Mail failed", str(error))
    except smtplib.SMTPException:
        log.exception("no mail about a failure of mail")
