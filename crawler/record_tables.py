"""The tables about the collecting itself: source, snapshot, run, meta, and what it could not read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from crawler.material import Material
from crawler.names import Origin
from crawler.normalise import Tables
from crawler.snapshot import Observation, Snapshot
from crawler.sources import Source

SCHEMA_VERSION = "1.2.0"
BUILT_BYTES = "built_bytes"
