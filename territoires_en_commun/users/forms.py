"""Forms of accounts in the editing space."""

from wagtail.admin.forms.auth import LoginForm


class EmailLoginForm(LoginForm):
    """Sign-in by e-mail, with French labels and the tokens that password managers look for (RGAA 11.13)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.input_type = "email"
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].label = "Mot de passe"
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"
