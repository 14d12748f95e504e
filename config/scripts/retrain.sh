#!/bin/sh
# Stands for what trains the model anew: hand the work over to what runs your jobs, and come back.
# The event is on standard input, as JSON; what it is about is in the environment, too.
set -eu
echo "$DRIFTD_MONITOR: training asked for by $DRIFTD_ALARM ($DRIFTD_INCIDENT)"
cat > retrain.json
