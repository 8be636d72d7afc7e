/** The player's side: keys and buttons are turns, and what the server says is drawn. */
import { atom, tuple } from '/n2o/page.js';

const WAYS = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

const { n2o } = window;

const element = (id) => document.getElementById(id);

function turn(way) {
  // A turn that comes too late is none.
  if (n2o.connected) n2o.send('game', tuple(atom('client'), way), { qos: 0 }).catch(() => {});
}

document.addEventListener('keydown', (event) => {
  const way = WAYS[event.key];
  if (way === undefined) return;
  event.preventDefault();
  if (!event.repeat) turn(way);
});

element('ways').addEventListener('pointerdown', ({ target }) => {
  if (target.dataset.way) turn(target.dataset.way);
});

n2o.register('draw', ({ news, wins, trails }) => {
  element('news').textContent = news;
  element('wins').textContent = wins.join(' : ');
  trails.forEach((points, i) => {
    element(`trail${i}`).setAttribute('points', points);
  });
});
