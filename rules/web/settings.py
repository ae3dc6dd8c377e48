from django import forms
from django.db import models
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.views import APIView

INSTALLED_APPS = ["django.contrib.sessions"]
ROOT_URLCONF = "urls"
MIDDLEWARE = []
# ruleid: allowed-hosts-any
ALLOWED_HOSTS = ["*"]
# ok: allowed-hosts-any
ALLOWED_HOSTS = [".example.com"]
# ok: allowed-hosts-any
INTERNAL_HOSTS = ["*"]
# ruleid: password-validators-none
AUTH_PASSWORD_VALIDATORS = []
# ok: password-validators-none
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]
# ok: password-validators-none
AUTHENTICATION_BACKENDS = []
# ruleid: forwarded-host-trusted
USE_X_FORWARDED_HOST = True
# ok: forwarded-host-trusted
USE_X_FORWARDED_HOST = False
# ok: forwarded-host-trusted
USE_X_FORWARDED_PORT = False
# ruleid: api-open-by-default
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]}
# ok: api-open-by-default
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}
# ok: api-open-by-default
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.permissions.AllowAny"]}


class Orders(APIView):
    # ruleid: view-open
    permission_classes = [AllowAny]


class Sums(APIView):
    # ruleid: view-open
    permission_classes = ()


class Mine(APIView):
    # ok: view-open
    permission_classes = [IsAuthenticated]
    # ok: view-open
    renderer_classes = []


class UserForm(forms.ModelForm):
    class Meta:
        model = models.Model
        # ruleid: all-fields-exposed
        fields = "__all__"


class NameForm(forms.ModelForm):
    class Meta:
        model = models.Model
        # ok: all-fields-exposed
        fields = ["name"]
        # ok: all-fields-exposed
        widgets = "__all__"


class Export:
    # ok: all-fields-exposed
    fields = "__all__"
