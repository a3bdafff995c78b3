# %% right: loop · one array after the other
def momentum_step(params, grads, velocities, learning_rate, momentum=0.9):
    new_params, new_velocities = [], []
    for i in range(len(params)):
        v = np.array(velocities[i]) * momentum
        v -= learning_rate * grads[i]
        new_velocities.append(v)
        new_params.append(params[i] + v)
    return new_params, new_velocities

# %% right: tuples · unzips at the end
def momentum_step(params, grads, velocities, learning_rate, momentum=0.9):
    pairs = []
    for p, g, v in zip(params, grads, velocities):
        speed = np.subtract(np.multiply(momentum, v), np.multiply(learning_rate, g))
        pairs.append((np.add(p, speed), speed))
    new, speeds = zip(*pairs)
    return list(new), list(speeds)

# %% wrong: minus · p − v
# -     return [p + v for p, v in zip(params, velocities, strict=True)], velocities
# +     return [p - v for p, v in zip(params, velocities)], velocities

# %% wrong: uphill · adds the gradient
# -     velocities = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
# +     velocities = [momentum * v + learning_rate * g for v, g in zip(velocities, grads)]

# %% wrong: old_velocity · moves by the old velocity
# -     velocities = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
# -     return [p + v for p, v in zip(params, velocities, strict=True)], velocities
# +     new = [p + v for p, v in zip(params, velocities)]
# +     return new, [momentum * v - learning_rate * g for v, g in zip(velocities, grads)]

# %% wrong: nesterov · Nesterov's momentum
# -     return [p + v for p, v in zip(params, velocities, strict=True)], velocities
# +     ahead = [momentum * v - learning_rate * g for v, g in zip(velocities, grads)]
# +     return [p + a for p, a in zip(params, ahead)], velocities

# %% wrong: average · a moving average of the gradients
# -     velocities = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
# +     velocities = [momentum * v - (1 - momentum) * learning_rate * g for v, g in zip(velocities, grads)]

# %% wrong: rate_outside · PyTorch's form: the rate is applied at the end
# -     velocities = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
# -     return [p + v for p, v in zip(params, velocities, strict=True)], velocities
# +     velocities = [momentum * v + g for v, g in zip(velocities, grads)]
# +     return [p - learning_rate * v for p, v in zip(params, velocities)], velocities

# %% wrong: in_place · changes the arrays that it was given
def momentum_step(params, grads, velocities, learning_rate, momentum=0.9):
    for p, g, v in zip(params, grads, velocities):
        v *= momentum
        v -= learning_rate * g
        p += v
    return params, velocities

# %% wrong: params_in_place · changes the parameters only
def momentum_step(params, grads, velocities, learning_rate, momentum=0.9):
    velocities = [momentum * v - learning_rate * g for v, g in zip(velocities, grads)]
    for p, v in zip(params, velocities):
        p += v
    return params, velocities

# %% wrong: no_memory · plain gradient descent
# -     velocities = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
# +     velocities = [-learning_rate * g for g in grads]

# %% wrong: fixed_momentum · ignores the argument
# -     velocities = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
# +     velocities = [0.9 * v - learning_rate * g for v, g in zip(velocities, grads)]

# %% wrong: swapped · velocities first
# -     return [p + v for p, v in zip(params, velocities, strict=True)], velocities
# +     return velocities, [p + v for p, v in zip(params, velocities)]

# %% wrong: only_params · returns the parameters alone
# -     return [p + v for p, v in zip(params, velocities, strict=True)], velocities
# +     return [p + v for p, v in zip(params, velocities)]

# %% equivalent: line 8, column 63: keyword strict is dropped · all lists are equally long

# %% equivalent: line 9, column 30: keyword strict is dropped · all lists are equally long

# %% equivalent: line 8, column 93: True becomes False · all lists are equally long

# %% equivalent: line 9, column 61: True becomes False · all lists are equally long
