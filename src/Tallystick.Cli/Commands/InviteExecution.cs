using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Commands;

/// <summary>Carries out what is said of invitations.</summary>
internal sealed class InviteExecution(TallystickClient client, AnswerStyle style)
{
    private const int WaitStepMs = 20_000;

    public async Task<Answer> RunAsync(Command command, CancellationToken cancel) => command switch
    {
        Command.Invite invite => await InviteAsync(invite, cancel),
        Command.ListInvites => Execution.Done(
            await client.GetInvitesAsync(cancel),
            () => ContractJson.Default.Invitations,
            all => InviteSentences.List(all, style.Zone)),
        Command.RevokeInvite revoke => Execution.Done(
            await client.RevokeInviteAsync(revoke.Id, cancel),
            () => ContractJson.Default.Invitation,
            InviteSentences.Revoked),
        Command.Join join => Execution.Done(
            await client.JoinAsync(new JoinRequest(join.Link, join.Name, WaitStepMs), cancel),
            () => ContractJson.Default.JoinResult,
            InviteSentences.Joined),
        _ => throw new InvalidOperationException($"{command.GetType().Name} is about no invitation."),
    };

    private async Task<Answer> InviteAsync(Command.Invite invite, CancellationToken cancel)
    {
        var made = await client.InviteAsync(new InviteRequest(invite.Limit, invite.Asset, invite.Expires), cancel);
        var answer = Execution.Done(
            made, () => ContractJson.Default.NewInvitation, said => InviteSentences.Made(said, invite.Once, style));
        return answer with
        {
            Then = stop => invite.Once
                ? WaitOnceAsync(made.Invitation, stop)
                : WaitAsync(made.Invitation, stop),
            IsToldAnyway = !invite.Once,
        };
    }

    /// <summary>Until somebody has used it, or nobody can any more.</summary>
    private async Task<Answer> WaitAsync(Invitation invite, CancellationToken stop)
    {
        try
        {
            while (invite.State == InviteStates.Open)
                invite = await client.GetInviteAsync(invite.Id, WaitStepMs, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Told(invite, ExitCodes.Ok, InviteSentences.StaysOpen(invite, style.Zone));
        }
        catch (Exception broken) when (broken is NodeUnreachableException or TallystickException)
        {
            return Told(invite, ExitCodes.NodeUnreachable, broken.Message);
        }
        return invite.State == InviteStates.Used
            ? Told(invite, ExitCodes.Ok, InviteSentences.Joined(invite.Peer, invite.Phrase))
            : Told(invite, ExitCodes.Refused, InviteSentences.Ended(invite));
    }

    /// <summary>The same, but the invitation ends with the waiting.</summary>
    private async Task<Answer> WaitOnceAsync(Invitation invite, CancellationToken stop)
    {
        var answer = await WaitAsync(invite, stop);
        if (!stop.IsCancellationRequested)
            return answer;
        // Whoever was quicker than the person has joined; then that is what is told.
        var ended = await client.RevokeInviteAsync(invite.Id, CancellationToken.None);
        return ended.State == InviteStates.Used
            ? Told(ended, ExitCodes.Ok, InviteSentences.Joined(ended.Peer, ended.Phrase))
            : Told(ended, ExitCodes.Ok, InviteSentences.Revoked(ended)[0]);
    }

    private static Answer Told(Invitation invite, int exitCode, string sentence) =>
        Execution.Done(invite, () => ContractJson.Default.Invitation, _ => [sentence]) with { ExitCode = exitCode };
}
