"""The ASGI entry, for hosts that need one; WSGI is faster for our synchronous views."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings")

application = get_asgi_application()
