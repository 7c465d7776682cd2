using Tallystick.Cli.Flags;
using Tallystick.Cli.Running;

namespace Tallystick.Cli.Tests.Flags;

public sealed class PassphrasesTests
{
    [Fact]
    public void The_environment_is_read_once_and_handed_on_to_nobody()
    {
        Environment.SetEnvironmentVariable("TALLYSTICK_PASSPHRASE", "correct horse");
        Environment.SetEnvironmentVariable("TALLYSTICK_NEW_PASSPHRASE", "battery staple");
        Passphrases.TakeFromEnvironment();
        Assert.Null(Environment.GetEnvironmentVariable("TALLYSTICK_PASSPHRASE"));
        Assert.Null(Environment.GetEnvironmentVariable("TALLYSTICK_NEW_PASSPHRASE"));
        Assert.NotNull(Passphrases.Given(new GivenFlags()));
        Assert.NotNull(Passphrases.GivenNew(new GivenFlags()));

        Passphrases.TakeFromEnvironment();
        Assert.Null(Passphrases.Given(new GivenFlags()));
        Assert.Null(Passphrases.GivenNew(new GivenFlags()));
    }

    [Fact]
    public void The_path_of_the_file_may_stand_in_the_environment_too()
    {
        var (flags, _) = CommandLine.Parse(
            ["up"], name => name == "TALLYSTICK_PASSPHRASE_FILE" ? "/run/secrets/alice" : null);
        Assert.Equal("/run/secrets/alice", flags.PassphraseFile);
    }
}
