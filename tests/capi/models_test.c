/* Images, versions, tags and configurations, each usable by itself. */
#include "check.h"
#include "deploy.h"

static void an_image_reference_is_taken_apart(void) {
  deploy_image *image = NULL;
  deploy_error *error = NULL;
  CHECK(deploy_image_parse("localhost:5000/shop/api:1.0.42", &image, &error) == DEPLOY_OK);
  CHECK(error == NULL);
  CHECK_TEXT(deploy_image_get_registry(image), "localhost:5000");
  CHECK_TEXT(deploy_image_get_repository(image), "shop/api");
  CHECK_TEXT(deploy_image_get_tag(image), "1.0.42");
  CHECK(deploy_image_get_digest(image) == NULL);
  CHECK_TEXT(deploy_image_get_text(image), "localhost:5000/shop/api:1.0.42");
  image = deploy_image_free(image);
  CHECK(image == NULL);
}

static void docker_hub_names_are_normalised(void) {
  deploy_image *image = NULL;
  CHECK(deploy_image_parse("flask:3", &image, NULL) == DEPLOY_OK);
  CHECK_TEXT(deploy_image_get_text(image), "docker.io/library/flask:3");
  CHECK_TEXT(deploy_image_get_familiar(image), "flask:3");
  deploy_image_free(image);
}

static void a_malformed_image_is_refused_with_a_reason(void) {
  deploy_image *image = NULL;
  deploy_error *error = NULL;
  CHECK(deploy_image_parse("Shop/API:", &image, &error) == DEPLOY_INVALID_ARGUMENT);
  CHECK(image == NULL);
  CHECK(deploy_error_get_status(error) == DEPLOY_INVALID_ARGUMENT);
  CHECK(strlen(deploy_error_get_message(error)) > 0);
  CHECK(strstr(deploy_error_to_json(error), "\"code\":\"invalid_argument\"") != NULL);
  error = deploy_error_free(error);
  CHECK(error == NULL);
}

static void images_are_compared_and_pointed_elsewhere(void) {
  const char *digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  deploy_image *short_name = NULL, *full_name = NULL, *other = NULL, *exact = NULL;
  CHECK(deploy_image_parse("flask:3", &short_name, NULL) == DEPLOY_OK);
  CHECK(deploy_image_parse("docker.io/library/flask:3", &full_name, NULL) == DEPLOY_OK);
  CHECK(deploy_image_equal(short_name, full_name) == 1);
  CHECK_TEXT(deploy_image_get_name(short_name), "docker.io/library/flask");
  CHECK(deploy_image_with_tag(short_name, "4", &other, NULL) == DEPLOY_OK);
  CHECK(deploy_image_equal(short_name, other) == 0 && deploy_image_equal(short_name, NULL) == 0);
  CHECK_TEXT(deploy_image_get_text(other), "docker.io/library/flask:4");
  CHECK(deploy_image_with_digest(other, digest, &exact, NULL) == DEPLOY_OK);
  CHECK_TEXT(deploy_image_get_digest(exact), digest);
  CHECK(deploy_image_get_tag(exact) == NULL);
  exact = deploy_image_free(exact);
  CHECK(deploy_image_with_digest(other, "sha256:1234", &exact, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_image_with_tag(other, "no tag", &exact, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(exact == NULL);
  deploy_image_free(short_name), deploy_image_free(full_name), deploy_image_free(other);
}

static int order_of(const char *a, const char *b) {
  int32_t order = 99;
  CHECK(deploy_version_compare(a, b, &order, NULL) == DEPLOY_OK);
  return order;
}

static void versions_are_ordered_by_precedence(void) {
  CHECK(order_of("1.0.9", "1.0.10") == -1);
  CHECK(order_of("1.0.10", "1.0.9") == 1);
  CHECK(order_of("1.0.0+a", "1.0.0+b") == 0);
  CHECK(order_of("1.0.0-rc.1", "1.0.0") == -1);
}

static void a_wrong_version_leaves_the_output_alone(void) {
  int32_t order = 99;
  CHECK(deploy_version_compare("v1.0", "1.0.0", &order, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(order == 99);
}

static deploy_tag *tag(const char *text) {
  deploy_tag *parsed = NULL;
  CHECK(deploy_tag_parse(text, &parsed, NULL) == DEPLOY_OK);
  return parsed;
}

static void tags_have_kinds(void) {
  deploy_tag *version = tag("1.0.42"), *build = tag("build-42"), *floating = tag("latest");
  CHECK(deploy_tag_get_kind(version) == DEPLOY_TAG_VERSION);
  CHECK(deploy_tag_get_kind(build) == DEPLOY_TAG_BUILD);
  CHECK(deploy_tag_get_kind(floating) == DEPLOY_TAG_FLOATING);
  CHECK(deploy_tag_get_build(build) == 42);
  CHECK_TEXT(deploy_tag_get_text(floating), "latest");
  deploy_tag_free(version), deploy_tag_free(build), deploy_tag_free(floating);
}

static void only_tags_of_one_kind_have_an_order(void) {
  deploy_tag *nine = tag("build-9"), *ten = tag("build-10"), *latest = tag("latest");
  int32_t order = 99;
  CHECK(deploy_tag_compare(nine, ten, &order, NULL) == DEPLOY_OK && order == -1);
  CHECK(deploy_tag_compare(nine, latest, &order, NULL) == DEPLOY_OK && order == DEPLOY_UNORDERED);
  CHECK(deploy_tag_compare(latest, latest, &order, NULL) == DEPLOY_OK && order == 0);
  CHECK(deploy_tag_equal(nine, nine) == 1 && deploy_tag_equal(nine, ten) == 0 && deploy_tag_equal(NULL, ten) == 0);
  deploy_tag_free(nine), deploy_tag_free(ten), deploy_tag_free(latest);
}

static const char *two_environments =
    "{\"application\": \"shop\","
    " \"image\": {\"repository\": \"127.0.0.1:5000/shop\"},"
    " \"environments\": ["
    "  {\"name\": \"live\", \"after\": \"trial\", \"hosts\": [\"ssh://deploy@192.0.2.11\", \"ssh://deploy@192.0.2.12\"],"
    "   \"container\": {\"name\": \"shop\", \"ports\": [\"80:80\"]}, \"probe\": {\"http\": {\"path\": \"/health\", \"port\": 80}}},"
    "  {\"name\": \"trial\", \"hosts\": [\"ssh://deploy@192.0.2.10\"],"
    "   \"container\": {\"name\": \"shop\", \"ports\": [\"80:80\"]}, \"probe\": {\"http\": {\"path\": \"/health\", \"port\": 80}}}]}";

static void a_configuration_is_read_in_the_order_of_promotion(void) {
  deploy_config *config = NULL;
  deploy_error *error = NULL;
  const deploy_environment *first, *second;
  CHECK(deploy_config_parse(two_environments, "/srv/shop", &config, &error) == DEPLOY_OK);
  if (error) fprintf(stderr, "%s\n", deploy_error_get_message(error));
  CHECK_TEXT(deploy_config_get_application(config), "shop");
  first = deploy_config_get_environment(config, 0);
  second = deploy_config_get_environment(config, 1);
  CHECK_TEXT(deploy_environment_get_name(first), "trial");
  CHECK_TEXT(deploy_environment_get_after(first), "");
  CHECK_TEXT(deploy_environment_get_name(second), "live");
  CHECK_TEXT(deploy_environment_get_after(second), "trial");
  CHECK_TEXT(deploy_environment_get_host(second, 1), "ssh://deploy@192.0.2.12");
  CHECK(deploy_environment_get_host(second, 2) == NULL);
  CHECK(deploy_config_get_environment(config, 2) == NULL);
  CHECK(strstr(deploy_config_get_state(config), "/srv/shop/.deploy/ledger.db") != NULL);
  deploy_config_free(config);
  deploy_error_free(error);
}

static void a_wrong_configuration_says_where(void) {
  deploy_config *config = NULL;
  deploy_error *error = NULL;
  const char *text =
      "{\"application\": \"shop\",\n"
      " \"image\": {\"repository\": \"127.0.0.1:5000/shop\"},\n"
      " \"environments\": [{\"name\": \"trial\", \"hosts\": [\"ssh://deploy@192.0.2.10\"], \"container\": {\"name\": \"shop\"},\n"
      "                   \"probe\": {\"engine\": {}}, \"soka\": \"1s\"}]}";
  CHECK(deploy_config_parse(text, "/srv/shop", &config, &error) == DEPLOY_INVALID_CONFIG);
  CHECK(config == NULL);
  CHECK_TEXT(deploy_error_get_area(error), "config");
  CHECK_TEXT(deploy_error_get_detail(error, "line"), "4");
  CHECK(deploy_error_get_detail(error, "column") != NULL);
  CHECK(deploy_error_get_detail(error, "no such detail") == NULL);
  CHECK(strstr(deploy_error_get_message(error), "soak") != NULL);
  deploy_error_free(error);
}

static void a_missing_file_is_an_io_error(void) {
  deploy_config *config = NULL;
  CHECK(deploy_config_load("/nowhere/deploy.json", &config, NULL) == DEPLOY_IO);
  CHECK(config == NULL);
}

static void a_template_validates_and_is_not_overwritten(void) {
  const char *path = "models_test.deploy.json";
  deploy_write_options options = DEPLOY_WRITE_OPTIONS_INIT;
  deploy_config *config = NULL;
  remove(path);
  options.application = "shop";
  CHECK(deploy_config_write(path, &options, NULL) == DEPLOY_OK);
  CHECK(deploy_config_load(path, &config, NULL) == DEPLOY_OK);
  CHECK_TEXT(deploy_config_get_application(config), "shop");
  CHECK(deploy_config_write(path, &options, NULL) == DEPLOY_ALREADY_EXISTS);
  options.overwrite = 1;
  CHECK(deploy_config_write(path, &options, NULL) == DEPLOY_OK);
  deploy_config_free(config);
  remove(path);
}

static void count_line(const char *text, size_t length, void *user_data) {
  CHECK(strlen(text) == length);
  ++*(int *)user_data;
}

static void a_configuration_is_rehearsed_in_memory(void) {
  const char *text = "{\"application\": \"shop\", \"image\": {\"repository\": \"shop\"}, \"environments\": [{\"name\": \"live\","
                     "\"hosts\": [\"unix:///nowhere/docker.sock\"], \"container\": {\"name\": \"shop\"}, \"probe\": {\"engine\": {}}}]}";
  deploy_config *config = NULL;
  deploy_rehearsal *rehearsal = NULL;
  deploy_rehearse_options options = DEPLOY_REHEARSE_OPTIONS_INIT;
  deploy_rehearsal_info info = DEPLOY_REHEARSAL_INFO_INIT;
  const char *outcome = NULL;
  int64_t count = 0;
  int lines = 0;
  CHECK(deploy_config_parse(text, "/srv/shop", &config, NULL) == DEPLOY_OK);
  CHECK(deploy_config_rehearse(config, NULL, count_line, &lines, &rehearsal, NULL) == DEPLOY_OK);
  CHECK(lines > 5);
  CHECK(deploy_rehearsal_get_info(rehearsal, &info) == DEPLOY_OK);
  CHECK(info.broken == 0 && info.runs == 1 && info.events > 100 && info.sentence == NULL && info.seed == DEPLOY_NONE);
  CHECK(deploy_rehearsal_get_outcome(rehearsal, 0, &outcome, &count) == DEPLOY_OK && strcmp(outcome, "rolled_back") == 0 && count == 1);
  CHECK(deploy_rehearsal_get_outcome(rehearsal, 99, &outcome, &count) == DEPLOY_NOT_FOUND);
  CHECK(strstr(deploy_rehearsal_to_json(rehearsal), "\"ok\":true") != NULL);
  rehearsal = deploy_rehearsal_free(rehearsal);
  options.runs = 0;
  CHECK(deploy_config_rehearse(config, &options, NULL, NULL, &rehearsal, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(rehearsal == NULL);
  deploy_config_free(config);
}

static void the_library_tells_what_it_is(void) {
  CHECK_TEXT(deploy_library_version(), "0.9.0");
  CHECK(strstr(deploy_config_schema(), "\"environments\"") != NULL);
}

int main(void) {
  the_library_tells_what_it_is();
  a_configuration_is_rehearsed_in_memory();
  an_image_reference_is_taken_apart();
  docker_hub_names_are_normalised();
  images_are_compared_and_pointed_elsewhere();
  a_malformed_image_is_refused_with_a_reason();
  versions_are_ordered_by_precedence();
  a_wrong_version_leaves_the_output_alone();
  tags_have_kinds();
  only_tags_of_one_kind_have_an_order();
  a_configuration_is_read_in_the_order_of_promotion();
  a_wrong_configuration_says_where();
  a_missing_file_is_an_io_error();
  a_template_validates_and_is_not_overwritten();
  return failures == 0 ? 0 : 1;
}
