"""Django's backend for PostgreSQL, which notices at once that the server has gone, and that it is back."""

import select
from typing import Any

from django.db.backends.postgresql import base

from therapybridge.core.pauses import Pause

_pause = Pause(1)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of the pool is looked at before it is used, and while none can be had, nobody waits for one."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One that works; OperationalError at once if there was none a moment ago."""
        if not _pause.may_try():
            raise self.Database.OperationalError("The database did not answer a moment ago.")
        try:
            connection = self._working(conn_params)
        except self.Database.Error:
            _pause.failed()
            raise
        _pause.worked()
        return connection

    def _working(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and has_ended(connection):
            connection.close()
            self.pool.putconn(connection)  # which takes it out
            connection = super().get_new_connection(conn_params)
        return connection


def has_ended(connection: Any) -> bool:
    """Whether the server has said something to a connection that asked nothing: as a rule, good-bye.

    To look takes a microsecond; to ask the server would take a round trip of each request.
    """
    looked = select.poll()
    looked.register(connection.fileno(), select.POLLIN)
    return bool(looked.poll(0))
