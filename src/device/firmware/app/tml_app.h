/* The application in two calls: start once, then step for ever. Frameworks with a loop of their own call these. */
#ifndef TML_APP_H
#define TML_APP_H

#ifdef __cplusplus
extern "C" {
#endif

void tml_app_start(void);
void tml_app_step(void);
/* For a sketch that writes the model's inputs itself, from a sensor: runs the model and tells the host the result unasked. */
void tml_app_run(void);

#ifdef __cplusplus
}
#endif

#endif
