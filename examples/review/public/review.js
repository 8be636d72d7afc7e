/** The page's side: the field is empty as soon as its text is on its way; what is written from then on is the next review. */
const text = document.getElementById('text');

document.addEventListener('submit', ({ target }) => {
  // Without stars it comes to nothing, and is still needed.
  if (new FormData(target).has('stars')) text.value = '';
});
