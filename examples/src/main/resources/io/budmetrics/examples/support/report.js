(() => {
  'use strict';
  const report = JSON.parse(document.getElementById('data').textContent);
  const page = document.getElementById('page');
  page.textContent = '';

  const make = (tag, parent, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined && text !== null) element.textContent = text;
    if (className) element.className = className;
    parent.appendChild(element);
    return element;
  };
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

  // numbers
  const plain = digits => new Intl.NumberFormat('en', { maximumFractionDigits: digits });
  const fixed = digits => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
  const decimalsFor = max => (max >= 100 ? 0 : max >= 10 ? 1 : max >= 1 ? 2 : max >= 0.01 ? 4 : 6);
  const exact = {
    COUNT: v => plain(0).format(v),
    TOKENS: v => plain(0).format(v),
    MILLISECONDS: v => (v >= 1000 ? fixed(2).format(v / 1000) + ' s' : plain(v < 10 ? 1 : 0).format(v) + ' ms'),
    PERCENT: v => fixed(2).format(v) + ' %',
    MONEY: v => new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: Math.max(2, decimalsFor(v)) }).format(v),
  };
  const tick = (unit, max) => v => {
    switch (unit) {
      case 'MILLISECONDS': return max >= 2000 ? plain(2).format(v / 1000) + ' s' : plain(1).format(v) + ' ms';
      case 'PERCENT': return plain(2).format(v) + ' %';
      case 'MONEY': return max >= 10000 ? compact.format(v) : plain(decimalsFor(max)).format(v);
      default: return compact.format(v);
    }
  };

  // a hatch says "this bucket is not complete"
  const hatch = (base, strength = 1) => {
    const tile = document.createElement('canvas');
    tile.width = tile.height = 8;
    const pen = tile.getContext('2d');
    pen.globalAlpha = 0.22 * strength;
    pen.fillStyle = base;
    pen.fillRect(0, 0, 8, 8);
    pen.globalAlpha = strength;
    pen.strokeStyle = base;
    pen.lineWidth = 1.5;
    for (const shift of [-8, 0, 8]) {
      pen.beginPath();
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
      pen.stroke();
    }
    return pen.createPattern(tile, 'repeat');
  };

  // a name has the same colour in every picture
  const known = new Map();
  report.charts.filter(chart => chart.tone === 'CATEGORIES').forEach(chart => {
    const names = chart.kind === 'RANKING'
      ? chart.labels.slice(0, chart.lastIsOthers ? -1 : undefined)
      : chart.series.filter(series => !series.others).map(series => series.name);
    names.forEach(name => { if (!known.has(name)) known.set(name, known.size); });
  });
  const colourOf = name => colour('c' + (known.get(name) % 8 + 1));

  const palette = chart => chart.series.map((series, i) => {
    if (series.others) return colour('others');
    if (chart.kind === 'LADDER') return colour('l' + (chart.series.length === 1 ? 2 : Math.min(i + 1, 3)));
    if (chart.tone === 'ALARM') return colour('alarm');
    if (chart.tone === 'CATEGORIES') return colourOf(series.name);
    if (chart.series.length > 1) return colour('l' + (i === 0 ? 1 : 3));
    return colour('c1');
  });

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;

  // lines and areas cannot be hatched themselves, so what is behind them is
  const partialBands = chart => ({
    id: 'partialBands',
    beforeDatasetsDraw(picture) {
      const { left, right, top, bottom } = picture.chartArea;
      const scale = picture.scales.x;
      const half = chart.labels.length > 1 ? (scale.getPixelForValue(1) - scale.getPixelForValue(0)) / 2 : right - left;
      const pen = picture.ctx;
      pen.save();
      pen.fillStyle = hatch(colour('faint'), 0.45);
      chart.partial.forEach((partial, i) => {
        if (!partial) return;
        const from = Math.max(left, scale.getPixelForValue(i) - half);
        const to = Math.min(right, scale.getPixelForValue(i) + half);
        pen.fillRect(from, top, to - from, bottom - top);
      });
      pen.restore();
    },
  });

  // the number at the end of each bar of a ranking
  const textWidth = text => {
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = '12px ' + Chart.defaults.font.family;
    return pen.measureText(text).width;
  };
  const endNumber = (chart, i) => {
    const value = chart.series[0].values[i];
    return value === null ? chart.absent : exact[chart.unit](value);
  };
  const endNumbers = chart => ({
    id: 'endNumbers',
    afterDatasetsDraw(picture) {
      const pen = picture.ctx;
      pen.save();
      pen.font = '12px ' + Chart.defaults.font.family;
      pen.fillStyle = colour('soft');
      pen.textBaseline = 'middle';
      picture.getDatasetMeta(0).data.forEach((bar, i) => {
        pen.fillText(endNumber(chart, i), bar.x + 8, bar.y);
      });
      pen.restore();
    },
  });

  const drawn = [];
  const draw = (canvas, chart, legend) => {
    const colours = palette(chart);
    const values = chart.series.flatMap(s => s.values).filter(v => v !== null);
    const stackedMax = chart.kind === 'STACKED'
      ? Math.max(...chart.labels.map((_, i) => chart.series.reduce((sum, s) => sum + (s.values[i] || 0), 0)))
      : Math.max(...values);
    const isBar = ['BARS', 'STACKED', 'RANKING'].includes(chart.kind);
    const ranking = chart.kind === 'RANKING';
    const positive = values.filter(v => v > 0);
    // percentiles of heavy tails share a picture only on a logarithmic axis
    const logarithmic = chart.kind === 'LADDER' && positive.length === values.length
      && Math.max(...positive) / Math.min(...positive) > 40;
    const alone = (series, i) => series[i] !== null
      && (i === 0 || series[i - 1] === null) && (i === series.length - 1 || series[i + 1] === null);
    const datasets = chart.series.map((series, n) => {
      const base = colours[n];
      if (isBar) {
        return {
          label: series.name,
          data: series.values,
          backgroundColor: chart.labels.map((label, i) => (chart.partial[i] ? hatch(base)
            : !ranking ? base
              : chart.lastIsOthers && i === chart.labels.length - 1 ? colour('others')
                : chart.tone === 'CATEGORIES' ? colourOf(label) : base)),
          borderColor: colour('card'),
          borderWidth: chart.kind === 'STACKED' ? { top: 1 } : 0,
          borderRadius: chart.kind === 'STACKED' ? 0 : 3,
          borderSkipped: ranking ? 'left' : 'bottom',
          categoryPercentage: ranking ? 0.72 : chart.labels.length > 40 ? 0.96 : 0.84,
          barPercentage: 1,
          maxBarThickness: ranking ? 26 : 64,
        };
      }
      return {
        label: series.name,
        data: series.values,
        borderColor: base,
        backgroundColor: chart.kind === 'AREA' ? base + '2b' : base,
        fill: chart.kind === 'AREA' ? 'origin' : false,
        borderWidth: 2,
        tension: 0,
        spanGaps: false,
        // a point between two gaps has no line to show it
        pointRadius: series.values.map((_, i) => (alone(series.values, i) ? 3 : 0)),
        pointHoverRadius: 4,
        pointBackgroundColor: base,
      };
    });
    const valueAxis = {
      type: logarithmic ? 'logarithmic' : 'linear',
      beginAtZero: !logarithmic,
      stacked: chart.kind === 'STACKED',
      grid: { color: colour('grid'), drawTicks: false },
      border: { display: false },
      title: { display: true, text: chart.axis + (logarithmic ? ' (log scale)' : ''), color: colour('faint'), font: { size: 12 } },
      ticks: { color: colour('soft'), padding: 8, maxTicksLimit: 7, callback: tick(chart.unit, stackedMax) },
    };
    if (logarithmic) {
      // 1, 2, 5, 10, ... and no more than a reader takes in
      const low = Math.min(...positive);
      const high = Math.max(...positive);
      const steps = [];
      for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
        (high / low > 1000 ? [1] : [1, 2, 5]).forEach(digit => steps.push(digit * 10 ** power));
      }
      valueAxis.min = Math.max(...steps.filter(step => step <= low));
      valueAxis.max = Math.min(...steps.filter(step => step >= high));
      valueAxis.afterBuildTicks = axis => {
        axis.ticks = steps.filter(step => step >= valueAxis.min && step <= valueAxis.max).map(value => ({ value }));
      };
    }
    const labelAxis = {
      stacked: chart.kind === 'STACKED',
      grid: { display: false },
      border: { color: colour('line') },
      ticks: { color: colour('soft'), padding: 6, maxRotation: 0, autoSkip: !ranking, autoSkipPadding: 18 },
    };
    if (!ranking) {
      // many days: a tick at each Monday; many hours: at each midnight
      const days = chart.labels.some(label => label.startsWith('Mon '));
      const hours = chart.labels.some(label => label.endsWith(' 00:00'));
      const many = chart.labels.length > (days ? 14 : 48) && (days || hours);
      const chosen = label => (days ? label.startsWith('Mon ') : label.endsWith(' 00:00'));
      const short = label => label.replace(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) /, '').replace(/ 00:00$/, '');
      labelAxis.ticks.autoSkip = !many;
      labelAxis.ticks.callback = (value, i) => (many && !chosen(chart.labels[i]) ? null : short(chart.labels[i]));
      if (many && !isBar) labelAxis.grid = { color: colour('grid'), drawTicks: false };
    }
    const picture = new Chart(canvas, {
      type: isBar ? 'bar' : 'line',
      plugins: ranking ? [endNumbers(chart)] : isBar ? [] : [partialBands(chart)],
      data: { labels: chart.labels, datasets },
      options: {
        indexAxis: ranking ? 'y' : 'x',
        animation: false,
        responsive: true,
        layout: { padding: { right: ranking ? 16 + Math.max(...chart.labels.map((_, i) => textWidth(endNumber(chart, i)))) : 0 } },
        maintainAspectRatio: false,
        interaction: { mode: 'index', intersect: false, axis: ranking ? 'y' : 'x' },
        scales: ranking ? { x: valueAxis, y: labelAxis } : { x: labelAxis, y: valueAxis },
        plugins: {
          legend: { display: false },
          tooltip: {
            backgroundColor: colour('ink'), titleColor: colour('card'), bodyColor: colour('card'),
            footerColor: colour('card'), padding: 10, boxPadding: 5, cornerRadius: 6, usePointStyle: true,
            // as they lie on each other in the picture
            itemSort: isBar ? (a, b) => b.datasetIndex - a.datasetIndex : undefined,
            callbacks: {
              footer: items => (chart.kind === 'STACKED' && items.length > 1
                ? 'Together  ' + exact[chart.unit](items.reduce((sum, item) => sum + item.raw, 0)) : ''),
              title: items => items[0].label + (chart.partial[items[0].dataIndex] ? ' (incomplete)' : ''),
              label: item => ' ' + item.dataset.label + '  ' + exact[chart.unit](item.raw),
              labelColor: item => {
                const shade = ranking ? item.dataset.backgroundColor[item.dataIndex] : colours[item.datasetIndex];
                return { borderColor: shade, backgroundColor: shade };
              },
            },
          },
        },
      },
    });
    legend.textContent = '';
    if (chart.series.length > 1) {
      chart.series.forEach((series, n) => {
        const button = make('button', legend);
        button.type = 'button';
        button.setAttribute('aria-pressed', 'true');
        button.title = 'Show or hide';
        make('i', button).style.background = colours[n];
        make('span', button, series.name);
        button.onclick = () => {
          const shown = picture.isDatasetVisible(n);
          picture.setDatasetVisibility(n, !shown);
          button.setAttribute('aria-pressed', String(!shown));
          picture.update();
        };
      });
    }
    if (chart.partial.some(Boolean)) {
      const key = make('span', legend);
      make('i', key, null, 'hatch');
      make('span', key, 'incomplete');
    }
    if (!ranking && chart.series.some(s => s.values.some(v => v === null))) {
      make('span', legend, 'gap: ' + chart.absent);
    }
    return picture;
  };

  const numbers = (parent, chart) => {
    const details = make('details', parent);
    make('summary', details, 'Numbers');
    const table = make('table', make('div', details, null, 'scroll'));
    const head = make('tr', make('thead', table));
    make('th', head, '');
    chart.series.forEach(series => make('th', head, series.name));
    const body = make('tbody', table);
    chart.labels.forEach((label, i) => {
      const row = make('tr', body);
      make('th', row, label + (chart.partial[i] ? ' (incomplete)' : ''));
      chart.series.forEach(s => make('td', row, s.values[i] === null ? '\u2013' : exact[chart.unit](s.values[i])));
    });
  };

  // page
  const header = make('header', page);
  const words = make('div', header);
  make('h1', words, report.title);
  make('p', words, report.subtitle);
  const toggle = make('button', header, null, 'theme');
  toggle.type = 'button';
  const figures = make('dl', page, null, 'figures');
  report.figures.forEach(figure => {
    const box = make('div', figures);
    make('dt', box, figure.label);
    make('dd', box, figure.value === null ? '\u2013' : figure.value, figure.value === null ? 'value none' : 'value');
    make('dd', box, figure.note, 'note');
  });
  const charts = make('div', page, null, 'charts');
  report.charts.forEach(chart => {
    const section = make('section', charts, null, chart.wide ? 'wide' : '');
    make('h2', section, chart.title);
    make('p', section, chart.subtitle);
    if (!chart.series.some(s => s.values.some(v => v !== null))) {
      make('div', section, chart.absent.charAt(0).toUpperCase() + chart.absent.slice(1), 'empty');
      return;
    }
    const legend = make('div', section, null, chart.kind === 'RANKING' ? 'legend bare' : 'legend');
    const canvas = make('canvas', make('div', section, null, 'plot'));
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', chart.title + ': ' + chart.subtitle);
    numbers(section, chart);
    drawn.push({ canvas, chart, legend, picture: null });
  });
  make('footer', page, report.footer);

  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  let choice = null;
  const paint = () => {
    const theme = choice || (dark.matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = theme;
    toggle.textContent = theme === 'dark' ? 'Light' : 'Dark';
    drawn.forEach(item => {
      if (item.picture) item.picture.destroy();
      item.picture = draw(item.canvas, item.chart, item.legend);
    });
  };
  toggle.onclick = () => {
    choice = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    paint();
  };
  dark.addEventListener('change', paint);
  paint();
})();
