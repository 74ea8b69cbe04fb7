'use strict';
MerBench.tables.start();
MerBench.charts.start();
