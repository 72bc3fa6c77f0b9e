// Shared by the apps and by the test that sends to them.
export const SECRET = "whsec_K7pXq2LmVt9RzB4wc3Hn8sYdF6uJ1eGa";
