using Tallystick.Simulation.Runs;

return await CommandLine.RunAsync(args, Console.Out);
