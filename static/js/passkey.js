// Requests a passkey with the options embedded in the page and submits its response; webauthnJSON converts both.
const { webauthnJSON } = window;

function options(ceremony) {
  const data = JSON.parse(document.getElementById("passkey-options").textContent);
  return ceremony === "create" ? data.creation_options : data.request_options;
}

async function answer(form) {
  const { passkey: ceremony } = form.dataset;
  const problem = form.querySelector("[data-passkey-problem]");
  problem.hidden = true;
  try {
    const credential = await webauthnJSON[ceremony](options(ceremony));
    form.querySelector("[data-passkey-answer]").value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    const { unanswered, known } = problem.dataset;
    problem.textContent = error.name === "InvalidStateError" ? known : unanswered;
    problem.hidden = false;
  }
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
}
