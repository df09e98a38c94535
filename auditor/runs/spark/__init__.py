"""The distributed engine: the same run on Spark, over Parquet, tables or DataFrames (0018)."""

from auditor.runs.spark.job import Audited, audit
from auditor.runs.spark.run import audit_on_spark

__all__ = ["Audited", "audit", "audit_on_spark"]
