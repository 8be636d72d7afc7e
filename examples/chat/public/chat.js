/** The page's side: the field is empty as soon as its text is on its way; what is typed from then on is the next message. */
document.addEventListener('submit', () => {
  document.getElementById('message').value = '';
});
