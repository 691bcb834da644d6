"""The shape of what people type about themselves and about each other."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from assoc_intranet.core.forms import Form, op_id, strip
from assoc_intranet.core.i18n import LANGUAGES

from .models import ROLES
from .roles import DOTS, LABELS, grantable

ADDRESS_PATTERN = r"[^@\s<>,;:\"\\()\[\]]+@[^@\s<>,;:\"\\()\[\].]+(\.[^@\s<>,;:\"\\()\[\].]+)+"
NAME = [InputRequired(_l("Write your name.")), Length(max=80, message=_l("At most 80 characters."))]
ADDRESS = [
    Length(max=200, message=_l("At most 200 characters.")),
    Regexp(rf"{ADDRESS_PATTERN}\Z", message=_l("This is not a valid e-mail address.")),
]
EMAIL = [InputRequired(_l("Write an e-mail address.")), *ADDRESS]
PASSWORD = [InputRequired(_l("Choose a password."))]
CURRENT = [InputRequired(_l("Write your present password."))]


class LoginForm(Form):
    email = EmailField(_l("E-mail"), [InputRequired(_l("Write your e-mail address."))], filters=[strip])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password."))])
    shared = BooleanField(_l("Others use this device"))


class JoinForm(Form):
    """What a person says of themselves when they come in."""

    name = StringField(_l("Your name"), NAME, filters=[strip])
    email = EmailField(_l("Your e-mail"), EMAIL, filters=[strip])
    password = PasswordField(_l("A password"), PASSWORD)


class FoundForm(JoinForm):
    association = StringField(
        _l("Name of the association"),
        [
            InputRequired(_l("Write the name of the association.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
        filters=[strip],
    )


class ProofForm(Form):
    """The password again, before what cannot be taken back."""

    confirm_password = PasswordField(_l("Your password"), CURRENT)


class ForgottenForm(Form):
    email = EmailField(_l("Your e-mail"), EMAIL, filters=[strip])


class NewPasswordForm(Form):
    password = PasswordField(_l("A new password"), PASSWORD)


class ProfileForm(Form):
    name = StringField(_l("Your name"), NAME, filters=[strip])
    language = SelectField(_l("Language"), [Optional()], choices=lambda: {"": _("Like the association"), **LANGUAGES})
    dot = RadioField(
        _l("Colour of your dot"),
        coerce=int,
        choices=lambda: {str(dot): str(colour) for dot, colour in enumerate(DOTS)},
    )


class EmailForm(Form):
    email = EmailField(_l("New e-mail"), EMAIL, filters=[strip])
    current_password = PasswordField(_l("Your password"), CURRENT)


class PasswordForm(Form):
    current_password = PasswordField(_l("Your present password"), CURRENT)
    password = PasswordField(_l("The new one"), PASSWORD)


class InvitationForm(Form):
    op_id = op_id()
    role = RadioField(_l("Role"), default="member", choices=lambda: _roles(grantable(current_user)))
    email = EmailField(_l("E-mail, to send it"), [Optional(), *ADDRESS], filters=[strip])


class RightsForm(Form):
    role = RadioField(_l("Role"), choices=lambda: _roles(ROLES))
    may_vote = BooleanField(_l("Votes"))
    is_admin = BooleanField(_l("Administers"))


def _roles(roles: Iterable[str]) -> dict[str, str]:
    return {role: str(LABELS[role]) for role in roles}
