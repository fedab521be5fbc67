"""Companies and the people who work for them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Lower, Right, Trim
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.querysets import ContactQuerySet

# Companies are few and told by two words: no column of their own for the search.
COMPANY_WORDS = SearchVector("sort_key", "domain", config="simple")
# What likely duplicates share. Nine digits tell a person's number, whatever stands before them.
IS_CANONICAL = Q(merged_into__isnull=True)
LOCAL_PART = Func(F("email"), Value("@"), Value(1), function="split_part", output_field=TextField())
DIGITS = Func(
    F("phone"), Value(r"\D"), Value(""), Value("g"),
    function="regexp_replace", output_field=TextField(),
)  # fmt: skip
LAST_DIGITS = Right(DIGITS, 9)


@tracked("sort_key", "version")
class Company(models.Model):
    """The account that contacts work for; found by its e-mail domain, else by its folded name."""

    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=200, help_text="The name folded, for order and match.")
    domain = models.CharField(
        _("e-mail domain"), max_length=253, null=True, blank=True, unique=True
    )
    sector = models.CharField(_("sector"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="companies",
        verbose_name=_("owner"),
    )
    attributes = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="company_by_name"),
            GinIndex(
                fields=["attributes"], opclasses=["jsonb_path_ops"], name="company_attributes"
            ),
            GinIndex(COMPANY_WORDS, name="company_words"),
            models.Index(F("created_at").desc(), F("id").desc(), name="company_newest"),
            models.Index(fields=["sector", "sort_key", "id"], name="company_of_sector"),
            models.Index(fields=["country", "sort_key", "id"], name="company_of_country"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(domain__isnull=True)
                | (Q(domain=Lower(Trim("domain"))) & ~Q(domain="")),
                name="company_domain_is_normalised",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked("search", "sort_key", "version")
class Contact(models.Model):
    """One person outside, known by the normalised e-mail and by ids of other systems."""

    email = models.EmailField(_("e-mail"), max_length=254, null=True, blank=True, unique=True)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    sort_key = models.CharField(
        max_length=200, blank=True, help_text="Family and given name, folded."
    )
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    company = models.ForeignKey(
        Company,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contacts",
        db_index=False,  # contact_namesake begins with it
        verbose_name=_("company"),
    )
    # Where it is kept outside ("" is here), and who captured it: no contact without a story.
    system_of_record = models.CharField(_("kept in"), max_length=50, blank=True)
    captured_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # read with its contact alone, and people of ours are never deleted
        verbose_name=_("captured by"),
    )
    captured_through = models.CharField(_("captured through"), max_length=100)
    attributes = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    first_mql_at = models.DateTimeField(null=True, blank=True)
    # Since when the person wants no marketing from us; a consent given later lifts it.
    no_marketing_since = models.DateTimeField(_("no marketing since"), null=True, blank=True)
    # Erased: nothing here tells any more who it was.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
        db_index=False,  # contact_merged: few rows have one
    )
    created_at = models.DateTimeField()
    search = SearchVectorField(null=True, help_text="Folded words of name, e-mail, phone, company.")

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="contact_by_name"),
            GinIndex(fields=["search"], name="contact_search"),
            GinIndex(
                fields=["attributes"], opclasses=["jsonb_path_ops"], name="contact_attributes"
            ),
            models.Index(F("created_at").desc(), F("id").desc(), name="contact_newest"),
            # A country that many have is filtered from another order, one that few have is sorted.
            models.Index(fields=["country"], name="contact_of_country"),
            models.Index(fields=["company", "sort_key", "id"], name="contact_namesake"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="contact_merged",
            ),
            models.Index(
                LAST_DIGITS, F("id"), condition=IS_CANONICAL & ~Q(phone=""), name="contact_of_phone"
            ),
            models.Index(
                F("company"), LOCAL_PART, F("id"), condition=IS_CANONICAL, name="contact_of_mailbox"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(email__isnull=True) | (Q(email=Lower(Trim("email"))) & ~Q(email="")),
                name="contact_email_is_normalised",
            ),
            models.CheckConstraint(condition=~Q(captured_through=""), name="contact_has_a_story"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="contact_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name as it is spoken, else the e-mail, else a number."""
        spoken = f"{self.given_name} {self.family_name}".strip()
        return spoken or self.email or f"#{self.pk}"

    @property
    def canonical(self) -> Contact:
        """The contact that stands for this person: itself, unless it was merged into another."""
        return self.merged_into or self


class ContactExternalId(models.Model):
    """The id of a contact in another system."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="external_ids")
    system = models.CharField(max_length=50)
    external_id = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "external_id"], name="external_id_once"),
            models.CheckConstraint(
                condition=~Q(system="") & ~Q(external_id=""), name="external_id_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.external_id}"
