"""The shape of what people type about themselves."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from assoc_intranet.core.forms import Form, strip

NAME = [InputRequired(_l("Write your name.")), Length(max=80, message=_l("At most 80 characters."))]
EMAIL = [
    InputRequired(_l("Write an e-mail address.")),
    Length(max=200, message=_l("At most 200 characters.")),
    Regexp(
        r"^[^@\s<>,;:\"\\]+@[^@\s<>,;:\"\\]+\.[^@\s<>,;:\"\\.]+$",
        message=_l("This is not a valid e-mail address."),
    ),
]
PASSWORD = [InputRequired(_l("Choose a password."))]


class LoginForm(Form):
    email = EmailField(_l("E-mail"), [InputRequired(_l("Write your e-mail address."))], filters=[strip])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password."))])


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
