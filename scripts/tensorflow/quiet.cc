// A module that loads TensorFlow's framework library without its greeting, which it prints to the standard error
// as it is loaded, before it reads TF_CPP_MIN_LOG_LEVEL. What is loaded after it finds the library there.
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

NAPI_MODULE_INIT() {
  const int terminal = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  const bool redirected = terminal >= 0 && nowhere >= 0 && dup2(nowhere, STDERR_FILENO) >= 0;
  // By the run path of this module.
  const void* library = dlopen("libtensorflow_framework.so.2", RTLD_NOW | RTLD_LOCAL);
  if (redirected) dup2(terminal, STDERR_FILENO);
  if (terminal >= 0) close(terminal);
  if (nowhere >= 0) close(nowhere);
  if (library == nullptr) napi_throw_error(env, nullptr, dlerror());
  return exports;
}
