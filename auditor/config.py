"""One frozen settings object: ``auditor.toml``, then the environment, then the command line."""

from __future__ import annotations

import os
import tomllib
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from auditor.errors import UsageError

SETTINGS_FILE = "auditor.toml"

LEAST_MEMORY_MIB = 896
"""What a process may take whatever budget it is given: rules, lists, one batch, and the least that
the statements of the global stage need (measured with ten million posts)."""


class Settings(BaseSettings):
    """Every setting of the program; docs/settings.md lists them.

    ``controller``, ``contact``, ``legal_basis`` and ``privacy_notice`` have no default on purpose:
    a crawl without them is refused (docs/crawling.md).
    """

    model_config = SettingsConfigDict(
        env_prefix="AUDITOR_", frozen=True, extra="forbid", toml_file=SETTINGS_FILE
    )

    db: str = Field(default="sqlite:///auditor.db", description="database, any SQLAlchemy URL")
    rules: Path | None = Field(default=None, description="overlay directory of own rules")
    references: Path | None = Field(default=None, description="overlay directory of own references")
    timezone: str | None = Field(
        default=None,
        description="time zone of input times that carry no offset, e.g. Asia/Shanghai",
    )
    workers: int = Field(
        default=max(1, min(8, os.cpu_count() or 1)), ge=1, le=256, description="worker processes"
    )
    lang: Literal["zh", "en"] = Field(default="zh", description="language of report and sentences")
    memory: int = Field(
        default=1024,
        ge=128,
        description="memory budget of a process in MiB; what rules and lists need is part of it, "
        f"so that less than {LEAST_MEMORY_MIB} is not held",
    )
    copies: bool = Field(
        default=True, description="list copies across accounts; leaving them out is quicker"
    )
    kept: Path | None = Field(
        default=None,
        description="directory kept between nights, so that only what changed is done again; "
        "it holds personal data",
    )
    floor: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="share of accounts failed or not fetched above which a run is incomplete",
    )
    delay: float = Field(
        default=2.0, ge=0, description="least gap between two requests to one host, in seconds"
    )
    controller: str = Field(default="", description="who is responsible for the crawl")
    contact: str = Field(default="", description="how to reach the controller")
    legal_basis: str = Field(default="", description="legal basis of the collection")
    privacy_notice: str = Field(default="", description="URL of the published privacy notice")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line over environment over file (contracts, section 1)."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: object) -> Settings:
    """Read the settings; values of ``given`` that are ``None`` were not given.

    Raises:
        UsageError: the file cannot be read or is not TOML, or a setting is unknown or out of range.
    """
    chosen = {key: value for key, value in given.items() if value is not None}
    place = Path(SETTINGS_FILE)
    if place.exists() and not place.is_file():
        raise UsageError("is no file; settings stand in a TOML file", SETTINGS_FILE)
    try:
        return Settings(**chosen)  # type: ignore[arg-type]
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"not TOML: {error}", SETTINGS_FILE) from error
    except UnicodeDecodeError as error:
        raise UsageError("not UTF-8 text; save the file as UTF-8", SETTINGS_FILE) from error
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", SETTINGS_FILE) from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors()
        )
        raise UsageError(f"settings are wrong: {faults}", SETTINGS_FILE) from error


def rulesets_directory() -> Path:
    """Return the shipped rulesets: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parent
    inside = package / "rulesets"
    return inside if inside.is_dir() else package.parent / "rulesets"


def rule_directories(settings: Settings) -> tuple[Path, ...]:
    """Return the shipped rules and, over them, the operator's."""
    own = (settings.rules,) if settings.rules else ()
    return (rulesets_directory(), *own)


def reference_directories(settings: Settings) -> tuple[Path, ...]:
    """Return the shipped references and, over them, the operator's."""
    own = (settings.references,) if settings.references else ()
    return (rulesets_directory() / "references", *own)


def time_zone(name: str | None) -> tzinfo | None:
    """Return a zone by its name or offset (``+08:00``); ``None`` stays ``None``.

    Raises:
        UsageError: no such zone.
    """
    if name is None:
        return None
    if name[:1] in "+-" and len(name) == 6 and name[3] == ":":
        try:
            hours, minutes = int(name[1:3]), int(name[4:6])
            span = timedelta(hours=hours, minutes=minutes)
            return timezone(-span if name[0] == "-" else span)
        except ValueError:
            pass
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"no time zone “{name}”; write Asia/Shanghai or +08:00", "--timezone"
        ) from error
