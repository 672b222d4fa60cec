/* What each kind of consumer builds: enough of deploy.h to need the library, and to see that it is the right one. */
#include <deploy/deploy.h>
#include <stdio.h>

int main(void) {
  deploy_image *image = NULL;
  deploy_config *config = NULL;
  deploy_error *error = NULL;
  if (deploy_image_parse("flask:3", &image, NULL) != DEPLOY_OK) return 1;
  printf("%s", deploy_image_get_text(image));
  image = deploy_image_free(image);
  if (deploy_config_parse("{}", ".", &config, &error) != DEPLOY_INVALID_CONFIG) return 2; /* an exception, on its way through the library */
  error = deploy_error_free(error);
  printf(" by libdeploy %s\n", deploy_library_version());
  return 0;
}
