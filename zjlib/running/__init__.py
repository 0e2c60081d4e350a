"""What a refresh is made of: inputs, kernels, execution, publishing, batches and clusters."""
