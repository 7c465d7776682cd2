namespace Tallystick.Client;

/// <content>Invitations: making, watching and taking them.</content>
public sealed partial class TallystickClient
{
    /// <summary>Makes an invitation. Not repeated by itself: every call makes another.</summary>
    public Task<NewInvitation> InviteAsync(InviteRequest request, CancellationToken cancel = default) =>
        SendAsync(
            new Call("POST", "api/invites", ContractBody.Of(request, ContractJson.Default.InviteRequest)),
            ContractJson.Default.NewInvitation,
            cancel);

    /// <summary>The invitations of this node, newest first.</summary>
    public Task<Invitations> GetInvitesAsync(CancellationToken cancel = default) =>
        ReadAsync("api/invites", ContractJson.Default.Invitations, cancel);

    /// <summary>How an invitation stands.</summary>
    /// <param name="id">Its id or a unique beginning of it.</param>
    /// <param name="waitMs">Answer when it is open no more, at the latest after so many milliseconds.</param>
    public Task<Invitation> GetInviteAsync(string id, int waitMs = 0, CancellationToken cancel = default) =>
        ReadAsync($"api/invites/{Escape(id)}?waitMs={waitMs}", ContractJson.Default.Invitation, cancel);

    /// <summary>Takes an invitation back; one that was used stays so.</summary>
    /// <param name="id">Its id or a unique beginning of it.</param>
    public Task<Invitation> RevokeInviteAsync(string id, CancellationToken cancel = default) =>
        SendAsync(
            new Call("DELETE", $"api/invites/{Escape(id)}"), ContractJson.Default.Invitation, cancel);

    /// <summary>Takes somebody's invitation. Asking again with the same link goes on where it was.</summary>
    public Task<JoinResult> JoinAsync(JoinRequest request, CancellationToken cancel = default) =>
        SendAsync(
            new Call("POST", "api/join", ContractBody.Of(request, ContractJson.Default.JoinRequest))
            {
                Patience = Patience + TimeSpan.FromMilliseconds(request.WaitMs),
            },
            ContractJson.Default.JoinResult,
            cancel);
}
